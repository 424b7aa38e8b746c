using System.Net;
using System.Net.Sockets;

namespace Tarn.Tests.Server;

/// <summary>A receiver of webhooks on a free port.</summary>
internal static class LocalListener
{
    /// <summary>Starts to listen.</summary>
    public static HttpListener Start(out string address)
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/hook/";
        probe.Stop();
        var listener = new HttpListener();
        listener.Prefixes.Add(address);
        listener.Start();
        return listener;
    }
}
