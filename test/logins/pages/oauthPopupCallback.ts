new BroadcastChannel(new URLSearchParams(location.search).get('state') ?? '').postMessage(location.href)
window.close()
