// A visit by Go's net/http: visit BASE AUTHORITY STEPS, as by_program.py writes them.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/cookiejar"
	"os"
	"strings"
	"time"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// What its default transport does, with an authority of our own: it offers h2 as well.
func client(authority string) *http.Client {
	pem, err := os.ReadFile(authority)
	check(err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	transport.ForceAttemptHTTP2 = true
	transport.ExpectContinueTimeout = 10 * time.Second
	transport.Proxy = nil
	return &http.Client{Transport: transport, Timeout: 20 * time.Second}
}

func body(mode, file string) io.Reader {
	if mode == "none" {
		return nil
	}
	data, err := os.ReadFile(file)
	check(err)
	if mode == "chunked" {
		return struct{ io.Reader }{bytes.NewReader(data)} // of a length it cannot tell
	}
	return bytes.NewReader(data)
}

func report(name string, answer *http.Response) {
	defer answer.Body.Close()
	sum := sha256.New()
	length, err := io.Copy(sum, answer.Body)
	check(err)
	fmt.Printf("step %s\nstatus %d\nsha256 %x\nlength %d\n", name, answer.StatusCode, sum.Sum(nil), length)
	for field, values := range answer.Header {
		fmt.Printf("field %s: %s\n", field, values[0])
	}
	for field, values := range answer.Trailer {
		fmt.Printf("trailer %s: %s\n", field, values[0])
	}
}

func main() {
	visitor, base := client(os.Args[2]), os.Args[1]
	steps, err := os.Open(os.Args[3])
	check(err)
	for lines := bufio.NewScanner(steps); lines.Scan(); {
		step := strings.Split(lines.Text(), "\t")
		if step[5] == "fresh" || visitor.Jar == nil {
			visitor.Jar, err = cookiejar.New(nil)
			check(err)
		}
		asked, err := http.NewRequest(step[1], base+step[2], body(step[3], step[4]))
		check(err)
		for _, line := range step[6:] {
			pair := strings.SplitN(line, ": ", 2)
			asked.Header.Set(pair[0], pair[1])
		}
		answer, err := visitor.Do(asked)
		check(err)
		report(step[0], answer)
	}
}
