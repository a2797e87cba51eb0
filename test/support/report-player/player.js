document.documentElement.dataset.player = 'stands in for the built player';
