using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Tarn.Testing.Net;

/// <summary>Ports of the loopback for servers that are told theirs before they start.</summary>
public static class FreePort
{
    // Below the ports that systems give to connections and to listeners on port 0 (Linux: from 32768): what is free now is not given away before it is used.
    private const int First = 15_000, End = 32_000;

    /// <summary>A port that nobody listens on.</summary>
    public static int Find()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, RandomNumberGenerator.GetInt32(First, End));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // Somebody has this one.
                continue;
            }
        }
    }
}
