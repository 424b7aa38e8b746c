using System.Globalization;
using System.Net;
using Tarn.Testing.Net;

namespace Tarn.Tests.Server;

/// <summary>A receiver of webhooks on a free port.</summary>
internal static class LocalListener
{
    /// <summary>Starts to listen.</summary>
    public static HttpListener Start(out string address)
    {
        address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Find()}/hook/");
        var listener = new HttpListener();
        listener.Prefixes.Add(address);
        listener.Start();
        return listener;
    }
}
