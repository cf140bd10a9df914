// Logs in and out, then asks with the same token once more: `node logout.mjs [API]`.
// EMAIL and PASSWORD name another account. Exits with 0 where the token is dead, else with 1.
const { EMAIL: email = 'demo@example.com', PASSWORD: password = 'remember-nothing' } = process.env
const api = process.argv[2] ?? 'http://localhost:5173/api'

const call = async (method, path, token, json) => {
  const headers = { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) }
  const options = { method, headers, body: JSON.stringify(json), redirect: 'error' }
  try {
    const response = await fetch(`${api}/auth/${path}`, options)
    const { ok, status, statusText } = response
    const body = await response.json().catch(() => ({ message: statusText }))
    return { status, statusText, ...(ok ? body : { error: body.message }) }
  } catch (error) {
    return { status: 0, statusText: '', error: error.message }
  }
}

const login = await call('POST', 'login', null, { email, password })
const logout = login.token ? await call('POST', 'logout', login.token) : login
const after = login.token ? await call('GET', 'user', login.token) : { status: 0, statusText: '' }

const { user = null, token = null, status, statusText, error = null } = logout
console.log(`user: ${JSON.stringify(user)}\ntoken: ${token}`)
console.log(`status: ${status}\nstatusText: ${statusText}\nerror: ${error}`)
console.log(`afterwards: ${after.status} ${after.statusText}`)
process.exitCode = after.status === 401 ? 0 : 1
