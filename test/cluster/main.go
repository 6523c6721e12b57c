// kube-in-one is one binary that plays etcd, kube-apiserver, kube-controller-manager, kube-scheduler or kubelet, by its
// first argument. Each part is the real component, imported from the published modules. One binary, because the parts
// share most of their packages: five would take five times the disk and the link time.
package main

import (
	"context"
	"log"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/embed"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

const usage = "usage: kube-in-one etcd DIR CLIENT-URL PEER-URL | kube-apiserver|kube-controller-manager|kube-scheduler|kubelet FLAGS..."

func main() {
	if len(os.Args) < 2 {
		log.Fatal(usage)
	}
	component := os.Args[1]
	os.Args = os.Args[1:]
	var command *cobra.Command
	switch component {
	case "etcd":
		if len(os.Args) != 4 {
			log.Fatal(usage)
		}
		runEtcd(os.Args[1], os.Args[2], os.Args[3])
		return
	case "kube-apiserver":
		command = apiserver.NewAPIServerCommand()
	case "kube-controller-manager":
		command = controllermanager.NewControllerManagerCommand()
	case "kube-scheduler":
		command = scheduler.NewSchedulerCommand()
	case "kubelet":
		command = kubelet.NewKubeletCommand(context.Background())
	default:
		log.Fatalf("unknown component %q; %s", component, usage)
	}
	os.Exit(cli.Run(command))
}

// runEtcd serves one etcd member from dir until SIGTERM. It does not fsync: the data is for one test run.
func runEtcd(dir, clientURL, peerURL string) {
	config := embed.NewConfig()
	config.Dir = dir
	config.LogLevel = "error"
	config.UnsafeNoFsync = true
	config.ListenClientUrls, config.AdvertiseClientUrls = urls(clientURL), urls(clientURL)
	config.ListenPeerUrls, config.AdvertisePeerUrls = urls(peerURL), urls(peerURL)
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	server, err := embed.StartEtcd(config)
	if err != nil {
		log.Fatal(err)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	select {
	case <-stop:
		server.Close()
	case err := <-server.Err():
		log.Fatal(err)
	}
}

func urls(s string) []url.URL {
	u, err := url.Parse(s)
	if err != nil {
		log.Fatal(err)
	}
	return []url.URL{*u}
}
