// Printing is the one thing on a poster that needs a script: without one, the browser's own menu prints it.
const button = document.getElementById("print");
if (button) {
	button.hidden = false;
	button.addEventListener("click", () => print());
}
