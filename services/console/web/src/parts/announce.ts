// What a screen reader is told without the focus moving: how many were found, that something was recorded.
import { ref } from "vue";

export const announcement = ref("");

export function announce(text: string): void {
  announcement.value = text;
}
