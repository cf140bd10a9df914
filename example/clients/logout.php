<?php
// Logs in, refreshes where the API can, logs out, then asks with the same tokens once more: `php logout.php [API]`.
// EMAIL and PASSWORD name another account. Exits with 0 where they are dead, else with 1.
$credentials = [
    'email' => getenv('EMAIL') ?: 'demo@example.com',
    'password' => getenv('PASSWORD') ?: 'remember-nothing',
];
$api = $argv[1] ?? 'http://localhost:5173/api';

$call = function (string $method, string $path, ?string $token, ?array $json = null) use ($api): array {
    $http = ['method' => $method, 'ignore_errors' => true, 'follow_location' => 0, 'timeout' => 10];
    $http['header'] = ['Content-Type: application/json', ...($token ? ["Authorization: Bearer $token"] : [])];
    $http['content'] = $json ? json_encode($json) : '';
    $stream = @fopen("$api/auth/$path", 'r', false, stream_context_create(['http' => $http]));
    if (!$stream) return ['status' => 0, 'statusText' => '', 'error' => error_get_last()['message']];
    [, $status, $statusText] = explode(' ', stream_get_meta_data($stream)['wrapper_data'][0], 3);
    $body = json_decode(stream_get_contents($stream), true) ?? [];
    return ['status' => (int) $status, 'statusText' => $statusText]
        + ($status < 300 ? $body : ['error' => $body['message'] ?? $statusText]);
};

$login = $call('POST', 'login', null, $credentials);
$refreshWith = fn(array $tokens): ?array => isset($tokens['refreshToken'])
    ? $call('POST', 'refresh', null, ['refreshToken' => $tokens['refreshToken']])
    : null;
$refresh = $refreshWith($login);
$tokens = isset($refresh['token']) ? $refresh + $login : $login;
$logout = isset($tokens['token']) ? $call('POST', 'logout', $tokens['token']) : $login;
$after = isset($tokens['token']) ? $call('GET', 'user', $tokens['token']) : ['status' => 0, 'statusText' => ''];
$refreshAfter = $refreshWith($tokens);

echo 'user: ', json_encode($logout['user'] ?? null, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), "\n";
echo 'token: ', $logout['token'] ?? 'null', "\n";
echo "status: {$logout['status']}\nstatusText: {$logout['statusText']}\n";
echo 'error: ', $logout['error'] ?? 'null', "\n";
$describe = fn(?array $answer): string => $answer ? "{$answer['status']} {$answer['statusText']}" : 'none';
echo "afterwards: {$describe($after)}\n";
echo "refresh: {$describe($refresh)}\nrefresh afterwards: {$describe($refreshAfter)}\n";
$isRefreshDead = !$refreshAfter || in_array($refreshAfter['status'], [400, 401, 403], true);
exit($after['status'] === 401 && $isRefreshDead ? 0 : 1);
