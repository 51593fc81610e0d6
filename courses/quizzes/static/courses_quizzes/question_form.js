// In the form of a question: show only the panels that the chosen type uses. Without a type, all of them.
document.addEventListener("DOMContentLoaded", () => {
  const select = document.querySelector("select[data-question-type]");
  if (!select) return;
  const update = () => {
    for (const panel of document.querySelectorAll("[data-question-types]")) {
      panel.hidden = Boolean(select.value) && !panel.dataset.questionTypes.split(" ").includes(select.value);
    }
  };
  select.addEventListener("change", update);
  update();
});
