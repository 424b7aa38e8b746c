using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tarn.Access.Policies;

/// <summary>A range of addresses in CIDR notation (RFC 4632): <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>, or one address.</summary>
internal readonly record struct AddressRange(IPNetwork Network)
{
    /// <exception cref="FormatException">Not a range.</exception>
    public static AddressRange Parse(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        if (IPAddress.TryParse(slash < 0 ? text : text[..slash], out var address))
        {
            int most = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128, length = most;
            if (slash < 0 || (int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out length) && length <= most))
                return new AddressRange(new IPNetwork(Mask(address, length), length));
        }

        throw new FormatException($"'{text}' is not a range of addresses; write 10.0.0.0/8, 2001:db8::/32 or one address");
    }

    /// <summary>Whether an address lies in it; an IPv4 address in IPv6 clothes counts as IPv4.</summary>
    public bool Contains(IPAddress address) => Network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    // AWS accepts bits behind the prefix (203.0.113.7/24), which IPNetwork refuses.
    private static IPAddress Mask(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int i = 0; i < bytes.Length; i++)
        {
            int kept = Math.Clamp(length - i * 8, 0, 8);
            bytes[i] &= (byte)(0xFF << (8 - kept));
        }

        return new IPAddress(bytes);
    }
}
