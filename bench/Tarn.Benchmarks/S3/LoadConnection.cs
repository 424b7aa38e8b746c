using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tarn.Benchmarks.S3;

/// <summary>One blocking connection that sends requests made before and throws the bodies of answers away: it costs as little beside the server as a client can.</summary>
internal sealed class LoadConnection : IDisposable
{
    private const int BufferBytes = 256 * 1024;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _buffer = new byte[BufferBytes];

    /// <summary>Connects.</summary>
    /// <param name="address">Host and port.</param>
    public LoadConnection(string address) => _socket.Connect(IPEndPoint.Parse(address));

    /// <summary>Sends a request and reads the answer to its end.</summary>
    /// <returns>Bytes of the body.</returns>
    /// <exception cref="InvalidOperationException">The answer is not 200.</exception>
    public long Send(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        SendAll(head);
        SendAll(body);
        int filled = 0, end;
        while ((end = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
            filled += Receive(_buffer.AsSpan(filled));
        string answer = Encoding.ASCII.GetString(_buffer, 0, end);
        if (!answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
            throw new InvalidOperationException(answer + Encoding.UTF8.GetString(_buffer, end, filled - end));
        long length = ContentLength(answer);
        for (long left = length - (filled - end - 4); left > 0;)
            left -= Receive(_buffer.AsSpan(0, (int)Math.Min(_buffer.Length, left)));
        return length;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[_socket.Send(bytes)..];
    }

    private int Receive(Span<byte> buffer) => _socket.Receive(buffer) is > 0 and var read ? read : throw new EndOfStreamException("The server closed the connection.");

    private static long ContentLength(string head)
    {
        const string Name = "\r\nContent-Length: ";
        int at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase) + Name.Length, end = head.IndexOf('\r', at);
        return long.Parse(head.AsSpan(at, (end < 0 ? head.Length : end) - at), CultureInfo.InvariantCulture);
    }
}
