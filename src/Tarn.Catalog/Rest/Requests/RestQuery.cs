using System.Globalization;
using Tarn.Catalog.Rest.Errors;
using Tarn.Iceberg.Catalogs;

namespace Tarn.Catalog.Rest.Requests;

/// <summary>The query of a request. A parameter without value counts as absent, as older clients send it so.</summary>
internal sealed class RestQuery
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _encoded = new(StringComparer.Ordinal);

    /// <summary>Parses the part behind the question mark; the first value of a name counts.</summary>
    /// <exception cref="RestException">It is not encoded right.</exception>
    public static RestQuery Parse(string raw)
    {
        var query = new RestQuery();
        foreach (string pair in raw.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string name = PathCoding.Decode(equals < 0 ? pair : pair[..equals]), value = equals < 0 ? "" : pair[(equals + 1)..];
            query._values.TryAdd(name, PathCoding.Decode(value));
            query._encoded.TryAdd(name, value);
        }

        return query;
    }

    /// <summary>A parameter, or null when it is absent or empty.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>A namespace; the root when the parameter is absent or empty.</summary>
    /// <exception cref="RestException">A level is empty.</exception>
    public Namespace Namespace(string name) => this[name] is null ? Iceberg.Catalogs.Namespace.Root : PathCoding.NamespaceOf(_encoded[name]);

    /// <summary>A truth value in any case of letters; false when absent.</summary>
    /// <exception cref="RestException">It is neither true nor false.</exception>
    public bool Flag(string name) => this[name] is { } value && (bool.TryParse(value, out bool flag) ? flag : throw RestException.BadRequest($"{name} is '{value}'; it is true or false."));

    /// <summary>
    /// The page that is asked for. Without pageToken and pageSize everything comes at once; a client that pages sends an empty pageToken first (REST
    /// specification, "page-token").
    /// </summary>
    /// <exception cref="RestException">The size is no positive number.</exception>
    public PageRequest Page()
    {
        bool pages = _values.ContainsKey("pageToken") || this["pageSize"] is not null;
        if (!pages)
            return default;
        int size = RestLimits.PageSize;
        if (this["pageSize"] is { } text && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out size) || size < 1))
            throw RestException.BadRequest($"pageSize is '{text}'; it is a number from 1 on.");
        return new PageRequest(this["pageToken"], Math.Min(size, RestLimits.MaxPageSize));
    }
}
