// Command links serves short links; "links check" asks a running one whether it works.
package main

import (
	"log"
	"net/http"
	"os"

	"example.org/links/links"
)

func main() {
	address := os.Getenv("LINKS_ADDRESS")
	if address == "" {
		address = ":8080"
	}
	if len(os.Args) > 1 && os.Args[1] == "check" {
		answer, err := http.Get("http://127.0.0.1:8080/health")
		if err != nil || answer.StatusCode != http.StatusOK {
			log.Fatal("not healthy: ", err)
		}
		return
	}
	log.Fatal(http.ListenAndServe(address, links.New()))
}
