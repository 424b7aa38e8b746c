using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Catalog.Tests.Hive.Thrift;

namespace Tarn.Catalog.Tests.Hive.Hosting;

/// <summary>A client on a socket, with SASL or without.</summary>
internal sealed class HiveTestClient : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    // Frames are sent in two pieces: the second must not wait until the first is acknowledged.
    private readonly TcpClient _client = new() { NoDelay = true };
    private NetworkStream _stream = null!;
    private bool _isFramed;

    public static async Task<HiveTestClient> ConnectAsync(IPEndPoint address)
    {
        var client = new HiveTestClient();
        await client._client.ConnectAsync(address);
        client._stream = client._client.GetStream();
        client._stream.ReadTimeout = (int)s_limit.TotalMilliseconds;
        return client;
    }

    /// <summary>Negotiates; the status and the text of the last message.</summary>
    public async Task<(byte Status, string Text)> NegotiateAsync(string mechanism, string response)
    {
        await SendNegotiationAsync(1, mechanism);
        await SendNegotiationAsync(2, response);
        byte[] head = await ReadAsync(5);
        string text = Encoding.UTF8.GetString(await ReadAsync(BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))));
        _isFramed = head[0] == 5;
        return (head[0], text);
    }

    public async Task SendAsync(byte[] bytes) => await _stream.WriteAsync(bytes);

    public async Task<ThriftMessage> CallAsync(string method, bool isStrict, params ThriftValue[] arguments)
    {
        var body = new ThriftStruct();
        for (short i = 0; i < arguments.Length; i++)
            body.With((short)(i + 1), arguments[i]);
        byte[] call = ThriftCodecTests.Encode(new ThriftMessage(ThriftMessageKind.Call, method, 42, isStrict, body));
        if (_isFramed)
            await SendAsync(Length(call.Length));
        await SendAsync(call);
        return await ReceiveAsync();
    }

    public async Task<ThriftMessage> ReceiveAsync()
    {
        if (_isFramed)
            return ThriftReader.Read(await ReadAsync(BinaryPrimitives.ReadInt32BigEndian(await ReadAsync(4))), new ThriftLimits());
        var scanner = new MessageScanner(new ThriftLimits());
        var received = new List<byte>();
        while (true)
        {
            byte[] next = await ReadAsync(1);
            received.AddRange(next);
            var reader = new System.Buffers.SequenceReader<byte>(new System.Buffers.ReadOnlySequence<byte>([.. received.Skip(_walked)]));
            bool isWhole = scanner.Advance(ref reader);
            _walked += (int)reader.Consumed;
            if (!isWhole)
                continue;
            _walked = 0;
            return ThriftReader.Read(received.ToArray(), new ThriftLimits());
        }
    }

    private int _walked;

    /// <summary>Whether the server has closed the connection.</summary>
    public async Task<bool> IsClosedAsync()
    {
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            return await _stream.ReadAsync(new byte[1], limit.Token) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task SendNegotiationAsync(byte status, string text)
    {
        byte[] payload = Encoding.UTF8.GetBytes(text);
        await SendAsync([status, .. Length(payload.Length), .. payload]);
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        using var limit = new CancellationTokenSource(s_limit);
        byte[] bytes = new byte[count];
        await _stream.ReadExactlyAsync(bytes, limit.Token);
        return bytes;
    }

    private static byte[] Length(int length)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        return bytes;
    }
}
