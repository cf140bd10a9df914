// Logs in, refreshes where the API can, logs out, then asks with the same tokens once more: `go run logout.go [API]`.
// EMAIL and PASSWORD name another account. Exits with 0 where they are dead, else with 1.
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
	Status                       int
	User                         json.RawMessage
	Token, RefreshToken, Message string
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

// Asks for new tokens; no answer where there is no refresh token.
func refreshWith(refreshToken string) *answer {
	if refreshToken == "" {
		return nil
	}
	body, _ := json.Marshal(map[string]string{"refreshToken": refreshToken})
	result := call("POST", "refresh", "", string(body))
	return &result
}

func describe(given *answer) string {
	if given == nil {
		return "none"
	}
	return fmt.Sprintf("%d %s", given.Status, http.StatusText(given.Status))
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
	token, refreshToken := login.Token, login.RefreshToken
	refresh := refreshWith(refreshToken)
	if refresh != nil && refresh.Token != "" {
		token, refreshToken = refresh.Token, or(refresh.RefreshToken, refreshToken)
	}
	logout, after := login, answer{}
	if token != "" {
		logout, after = call("POST", "logout", token, ""), call("GET", "user", token, "")
	}
	refreshAfter := refreshWith(refreshToken)
	fmt.Printf("user: %s\ntoken: %s\n", or(string(logout.User), "null"), or(logout.Token, "null"))
	fmt.Printf("status: %d\nstatusText: %s\n", logout.Status, http.StatusText(logout.Status))
	fmt.Printf("error: %s\n", or(logout.Message, "null"))
	fmt.Printf("afterwards: %s\n", describe(&after))
	fmt.Printf("refresh: %s\nrefresh afterwards: %s\n", describe(refresh), describe(refreshAfter))
	isDead := after.Status == 401
	if refreshAfter != nil {
		status := refreshAfter.Status
		isDead = isDead && (status == 400 || status == 401 || status == 403)
	}
	if !isDead {
		os.Exit(1)
	}
}
