package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os/signal"
	"syscall"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
)

// etcdServer is etcd as a process of its own, so that it can be killed alone.
func etcdServer(args []string) error {
	fs := flag.NewFlagSet("etcd", flag.ExitOnError)
	dir := fs.String("dir", "", "where the data lies")
	client := fs.String("client", "", "URL for clients")
	peer := fs.String("peer", "", "URL for peers, of which there are none")
	fs.Parse(args)
	urls := func(text string) []url.URL {
		u, err := url.Parse(text)
		if err != nil {
			return nil
		}
		return []url.URL{*u}
	}
	cfg := embed.NewConfig()
	cfg.Name = "etcd"
	cfg.Dir = *dir
	cfg.ListenClientUrls, cfg.AdvertiseClientUrls = urls(*client), urls(*client)
	cfg.ListenPeerUrls, cfg.AdvertisePeerUrls = urls(*peer), urls(*peer)
	cfg.InitialCluster = cfg.InitialClusterFromName(cfg.Name)
	cfg.LogLevel = "error"
	cfg.LogOutputs = []string{"stderr"}
	cfg.UnsafeNoFsync = true // the data is worth nothing
	server, err := embed.StartEtcd(cfg)
	if err != nil {
		return err
	}
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer cancel()
	select {
	case <-ctx.Done():
		server.Close()
		return nil
	case err := <-server.Err():
		return err
	}
}

func (c *cluster) startEtcd(ctx context.Context) error {
	var urls [2]string
	for i := range urls {
		port, err := freePort("127.0.0.1")
		if err != nil {
			return err
		}
		urls[i] = fmt.Sprintf("http://127.0.0.1:%d", port)
	}
	c.etcdURL = urls[0]
	etcd := c.unit(&unit{name: "etcd", args: []string{"etcd", "--dir=" + c.path("etcd"), "--client=" + urls[0], "--peer=" + urls[1]}})
	if err := etcd.start(); err != nil {
		return err
	}
	deadline := time.Now().Add(c.ready)
	for {
		if resp, err := http.Get(c.etcdURL + "/health"); err == nil {
			resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		if _, up := etcd.state(); !up {
			return fmt.Errorf("etcd ended; %s", tail(etcd.logFile, 2000))
		}
		if time.Now().After(deadline) {
			return errors.New("etcd is not ready; " + tail(etcd.logFile, 2000))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}
