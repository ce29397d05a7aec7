// Keys go to the terminal from the start, without a click.
const focusTerminal = () => {
  const field = document.querySelector(".xterm-helper-textarea");
  if (field) field.focus();
  else requestAnimationFrame(focusTerminal);
};
window.addEventListener("load", focusTerminal);
window.addEventListener("focus", focusTerminal);
