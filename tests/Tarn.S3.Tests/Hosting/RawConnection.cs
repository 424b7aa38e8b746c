using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Tarn.S3.Tests.Hosting;

/// <summary>An answer as it came.</summary>
public sealed record RawAnswer(int Status, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body, bool WasContinued)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string? Header(string name)
    {
        foreach (var (candidate, value) in Headers)
        {
            if (candidate.Equals(name, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        return null;
    }
}

/// <summary>A connection that sends exactly the bytes it is given and reads answers without a client's opinions.</summary>
public sealed class RawConnection : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly TcpClient _client = new();
    private readonly List<byte> _read = [];
    private NetworkStream _stream = null!;

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(address.Host, address.Port);
        connection._stream = connection._client.GetStream();
        return connection;
    }

    /// <summary>Sends a head and, when the server asks for it or the head does not wait, a body; reads the answer.</summary>
    public async Task<RawAnswer> SendAsync(string method, string target, IEnumerable<(string Name, string Value)> headers, byte[] body)
    {
        var list = headers.ToList();
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\n");
        foreach (var (name, value) in list)
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        await WriteAsync(Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()));
        bool waits = list.Exists(h => h.Name.Equals("Expect", StringComparison.OrdinalIgnoreCase));
        bool wasContinued = false;
        if (waits)
        {
            var first = await ReadHeadAsync();
            if (first.Status != 100)
                return await ReadAnswerAsync(first, method, false);
            wasContinued = true;
        }

        bool isChunked = list.Exists(h => h.Name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase));
        await WriteAsync(isChunked ? Chunked(body) : body);
        return await ReadAnswerAsync(await ReadHeadAsync(), method, wasContinued);
    }

    public async Task WriteAsync(byte[] bytes)
    {
        using var limit = new CancellationTokenSource(s_limit);
        await _stream.WriteAsync(bytes, limit.Token);
    }

    /// <summary>Reads the next answer.</summary>
    public async Task<RawAnswer> ReadAnswerAsync(string method = "GET") => await ReadAnswerAsync(await ReadHeadAsync(), method, false);

    /// <summary>True when the server has ended the connection.</summary>
    public async Task<bool> IsClosedAsync()
    {
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            return _read.Count == 0 && await _stream.ReadAsync(new byte[1], limit.Token) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static byte[] Chunked(byte[] body)
        => body.Length == 0 ? "0\r\n\r\n"u8.ToArray()
            : [.. Encoding.ASCII.GetBytes(body.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"), .. body, .. "\r\n0\r\n\r\n"u8];

    private async Task<(int Status, List<(string, string)> Headers)> ReadHeadAsync()
    {
        string line = await ReadLineAsync();
        int status = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        List<(string, string)> headers = [];
        while ((line = await ReadLineAsync()).Length > 0)
            headers.Add((line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].Trim()));
        return (status, headers);
    }

    private async Task<RawAnswer> ReadAnswerAsync((int Status, List<(string Name, string Value)> Headers) head, string method, bool wasContinued)
    {
        string? length = head.Headers.Find(h => h.Name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)).Value;
        bool isChunked = head.Headers.Exists(h => h.Name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase));
        byte[] body = method == "HEAD" || head.Status is 204 or 304 ? []
            : isChunked ? await ReadChunksAsync()
            : await ReadAsync(int.Parse(length ?? "0", CultureInfo.InvariantCulture));
        return new(head.Status, head.Headers, body, wasContinued);
    }

    private async Task<byte[]> ReadChunksAsync()
    {
        List<byte> body = [];
        while (int.Parse(await ReadLineAsync(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size)
        {
            body.AddRange(await ReadAsync(size));
            await ReadLineAsync();
        }

        await ReadLineAsync();
        return [.. body];
    }

    private async Task<string> ReadLineAsync()
    {
        int end;
        while ((end = _read.IndexOf((byte)'\n')) < 0)
            await FillAsync();
        string line = Encoding.UTF8.GetString([.. _read[..end]]).TrimEnd('\r');
        _read.RemoveRange(0, end + 1);
        return line;
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        while (_read.Count < count)
            await FillAsync();
        byte[] bytes = [.. _read[..count]];
        _read.RemoveRange(0, count);
        return bytes;
    }

    private async Task FillAsync()
    {
        using var limit = new CancellationTokenSource(s_limit);
        byte[] buffer = new byte[64 * 1024];
        int length = await _stream.ReadAsync(buffer, limit.Token);
        _read.AddRange(length > 0 ? buffer.AsSpan(0, length) : throw new EndOfStreamException("the server closed the connection"));
    }
}
