import { VueQueryPlugin } from "@tanstack/vue-query";
import { createApp } from "vue";
import App from "@/App.vue";
import { queries } from "@/api/read";
import { loadSession, whereFirst } from "@/api/session";
import { router } from "@/routes";
import Away from "@/shell/Away.vue";
import { watchBuild } from "@/shell/build";
import { choose, language } from "@/words/say";
import "@/style.css";

choose(language.value);
if (await loadSession().then(() => true, () => false)) {
  router.beforeEach((to) => {
    const first = whereFirst();
    return first === null || [first, "/sign-in"].includes(to.path) ? true : { path: first, query: { back: to.fullPath } };
  });
  createApp(App).use(router).use(VueQueryPlugin, { queryClient: queries }).mount("#app");
  watchBuild();
} else createApp(Away).mount("#app");
