// What only a signed-in member needs around a page; it comes once someone has signed in, so that signing in stays light.

export { default as AccountMenu } from "../parts/AccountMenu.svelte";
