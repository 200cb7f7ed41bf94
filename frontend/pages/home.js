// The commands name the server that this page came from.
for (const place of document.querySelectorAll('[data-origin]')) place.textContent = location.origin
