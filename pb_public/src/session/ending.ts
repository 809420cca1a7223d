// What a member is asked when their session ends; it comes when the page is there, and is there before it is needed.

export { default as IdleWarning } from "./IdleWarning.svelte";
export { default as SignInAgain } from "./SignInAgain.svelte";
