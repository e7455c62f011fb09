import { VueQueryPlugin } from "@tanstack/vue-query";
import { createApp } from "vue";
import App from "@/App.vue";
import { queries } from "@/api/read";
import { hat, loadSession } from "@/api/session";
import { router } from "@/routes";
import { choose, language } from "@/words/say";
import "@/style.css";

choose(language.value);
await loadSession();
router.beforeEach((to) => (hat.value === null && to.path !== "/sign-in" ? "/sign-in" : true));
createApp(App).use(router).use(VueQueryPlugin, { queryClient: queries }).mount("#app");
