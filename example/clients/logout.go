// Logs in and out, then asks with the same token once more: `go run logout.go [API]`.
// EMAIL and PASSWORD name another account. Exits with 0 where the token is dead, else with 1.
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
)

var api = append(os.Args, "http://localhost:5173/api")[1]

type answer struct {
	Status         int
	User           json.RawMessage
	Token, Message string
}

func call(method, path, token, body string) (result answer) {
	request, _ := http.NewRequest(method, api+"/auth/"+path, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err == nil {
		defer response.Body.Close()
		err = json.NewDecoder(response.Body).Decode(&result)
		result.Status = response.StatusCode
	}
	if err != nil {
		result.Message = err.Error()
	}
	return result
}

func or(text, instead string) string {
	if text == "" {
		return instead
	}
	return text
}

func main() {
	credentials, _ := json.Marshal(map[string]string{
		"email":    or(os.Getenv("EMAIL"), "demo@example.com"),
		"password": or(os.Getenv("PASSWORD"), "remember-nothing"),
	})
	login := call("POST", "login", "", string(credentials))
	logout, after := login, answer{}
	if login.Token != "" {
		logout, after = call("POST", "logout", login.Token, ""), call("GET", "user", login.Token, "")
	}
	fmt.Printf("user: %s\ntoken: %s\n", or(string(logout.User), "null"), or(logout.Token, "null"))
	fmt.Printf("status: %d\nstatusText: %s\n", logout.Status, http.StatusText(logout.Status))
	fmt.Printf("error: %s\n", or(logout.Message, "null"))
	fmt.Printf("afterwards: %d %s\n", after.Status, http.StatusText(after.Status))
	if after.Status != http.StatusUnauthorized {
		os.Exit(1)
	}
}
