using System.Globalization;
using System.Net;

namespace Tarn.Configuration;

/// <summary>Where a listener waits: <c>HOST:PORT</c>.</summary>
/// <param name="Host">An IP address, <c>localhost</c>, or <c>*</c> for every address of the machine.</param>
/// <param name="Port">0 to 65535; 0 picks a free one.</param>
internal sealed record ListenAddress(string Host, int Port)
{
    private const string Wanted = "is not HOST:PORT, where HOST is an IP address, localhost or * and PORT 0 to 65535, e.g. 127.0.0.1:8080";

    /// <summary>The address to bind.</summary>
    public IPAddress Address => Host switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => IPAddress.IPv6Any,
        _ => IPAddress.Parse(Host),
    };

    /// <summary>Whether only programs of this machine can reach it.</summary>
    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <summary>Reads <c>HOST:PORT</c>; an IPv6 address stands in brackets.</summary>
    /// <exception cref="FormatException">Not of that form.</exception>
    public static ListenAddress Parse(string text)
    {
        int colon = text.LastIndexOf(':');
        string host = colon < 0 ? "" : text[..colon];
        if (host is ['[', .. var inner, ']'])
            host = inner;
        else if (host.Contains(':', StringComparison.Ordinal))
            throw new FormatException($"'{text}' {Wanted}; an IPv6 address stands in brackets, e.g. [::1]:8080");
        if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            || (host is not ("localhost" or "*") && !IPAddress.TryParse(host, out _)))
            throw new FormatException($"'{text}' {Wanted}");
        return new ListenAddress(host, port);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
