// Shows the schema of the API so that it can be read and tried; the page names where it is.
const place = document.getElementById("api-explorer");

window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
