namespace Tarn.S3.Requests;

/// <summary>What part of the namespace a request is about.</summary>
internal enum AddressLevel
{
    /// <summary>The list of buckets, or the security token service.</summary>
    Service,

    /// <summary>One bucket.</summary>
    Bucket,

    /// <summary>One object.</summary>
    Object,
}

/// <summary>Bucket and key that a request names; empty where it names none.</summary>
/// <param name="Bucket">Bucket name, unchecked.</param>
/// <param name="Key">Key, decoded once; may hold any character.</param>
/// <param name="IsVirtualHost">True when the host named the bucket.</param>
internal readonly record struct S3Address(string Bucket, string Key, bool IsVirtualHost)
{
    /// <summary>Service, bucket or object.</summary>
    public AddressLevel Level => Bucket.Length == 0 ? AddressLevel.Service : Key.Length == 0 ? AddressLevel.Bucket : AddressLevel.Object;

    /// <summary>
    /// Resolves path style (<c>/bucket/key</c>) or, when the host is a name below one of <paramref name="domains"/>, virtual-host style
    /// (<c>bucket.domain/key</c>).
    /// </summary>
    public static S3Address Resolve(string path, string host, IReadOnlyList<string> domains)
    {
        string name = WithoutPort(host);
        foreach (string domain in domains)
        {
            if (name.Length > domain.Length + 1 && name.EndsWith(domain, StringComparison.OrdinalIgnoreCase) && name[^(domain.Length + 1)] == '.')
                return new(name[..^(domain.Length + 1)].ToLowerInvariant(), path[1..], true);
        }

        // No name of a bucket holds a colon. Clients of Ceph write ":bucket" for a bucket of no tenant, and there are no tenants here.
        int start = path.Length > 2 && path[1] == ':' ? 2 : 1;
        int slash = path.IndexOf('/', start);
        return slash < 0 ? new(path[start..], "", false) : new(path[start..slash], path[(slash + 1)..], false);
    }

    private static string WithoutPort(string host)
    {
        int colon = host.LastIndexOf(':');
        return colon > host.LastIndexOf(']') ? host[..colon] : host;
    }
}
