// Logs in and out, then asks with the same token once more: `go run logout.go [API]`.
// EMAIL and PASSWORD name another account. Exits with 0 where the token is dead, else with 1.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"
)

type answer struct {
	User                       json.RawMessage
	Token, Message, StatusText string
	Status                     int
}

func or(text, instead string) string {
	if text == "" {
		return instead
	}
	return text
}

func call(method, path, token string, credentials map[string]string) (result answer) {
	api := "http://localhost:5173/api"
	if len(os.Args) > 1 {
		api = os.Args[1]
	}
	body, _ := json.Marshal(credentials)
	request, err := http.NewRequest(method, api+"/auth/"+path, bytes.NewReader(body))
	if err != nil {
		return answer{Message: err.Error()}
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := (&http.Client{Timeout: 10 * time.Second}).Do(request)
	if err != nil {
		return answer{Message: err.Error()}
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&result); err != nil {
		result.Message = err.Error()
	}
	result.Status, result.StatusText = response.StatusCode, http.StatusText(response.StatusCode)
	return result
}

func main() {
	login := call("POST", "login", "", map[string]string{
		"email":    or(os.Getenv("EMAIL"), "demo@example.com"),
		"password": or(os.Getenv("PASSWORD"), "remember-nothing"),
	})
	logout, after := login, answer{}
	if login.Token != "" {
		logout = call("POST", "logout", login.Token, nil)
		after = call("GET", "user", login.Token, nil)
	}
	fmt.Printf("user: %s\ntoken: %s\n", or(string(logout.User), "null"), or(logout.Token, "null"))
	fmt.Printf("status: %d\nstatusText: %s\nerror: %s\n", logout.Status, logout.StatusText, or(logout.Message, "null"))
	fmt.Printf("afterwards: %d %s\n", after.Status, after.StatusText)
	if after.Status != http.StatusUnauthorized {
		os.Exit(1)
	}
}
