// Logs in, refreshes where the API can, logs out, then asks with the same tokens once more: `node logout.mjs [API]`.
// EMAIL and PASSWORD name another account. Exits with 0 where they are dead, else with 1.
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
const refreshWith = ({ refreshToken }) => refreshToken && call('POST', 'refresh', null, { refreshToken })
const refresh = await refreshWith(login)
const tokens = refresh?.token ? { ...login, ...refresh } : login
const logout = tokens.token ? await call('POST', 'logout', tokens.token) : login
const after = tokens.token ? await call('GET', 'user', tokens.token) : { status: 0, statusText: '' }
const refreshAfter = await refreshWith(tokens)

const { user = null, token = null, status, statusText, error = null } = logout
console.log(`user: ${JSON.stringify(user)}\ntoken: ${token}`)
console.log(`status: ${status}\nstatusText: ${statusText}\nerror: ${error}`)
const describe = (answer) => (answer ? `${answer.status} ${answer.statusText}` : 'none')
console.log(`afterwards: ${describe(after)}`)
console.log(`refresh: ${describe(refresh)}\nrefresh afterwards: ${describe(refreshAfter)}`)
const isRefreshDead = !refreshAfter || [400, 401, 403].includes(refreshAfter.status)
process.exitCode = after.status === 401 && isRefreshDead ? 0 : 1
