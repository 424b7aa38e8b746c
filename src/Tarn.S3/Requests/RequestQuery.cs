using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Tarn.S3.Errors;

namespace Tarn.S3.Requests;

/// <summary>One parameter of a query string, decoded. <see cref="HasValue"/> tells <c>?delete=</c> from <c>?delete</c>.</summary>
internal readonly record struct QueryParameter(string Name, string Value, bool HasValue);

/// <summary>The query string of a request in the order it was sent; names are case-sensitive.</summary>
internal sealed class RequestQuery
{
    /// <summary>More parameters than any operation knows; a longer query is refused.</summary>
    public const int MaximumCount = 128;

    private readonly List<QueryParameter> _parameters;

    private RequestQuery(List<QueryParameter> parameters) => _parameters = parameters;

    /// <summary>All parameters as sent.</summary>
    public IReadOnlyList<QueryParameter> Parameters => _parameters;

    /// <summary>The first value of the name, or null when it is absent; a name without a value has the empty one.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (var parameter in _parameters)
            {
                if (parameter.Name == name)
                    return parameter.Value;
            }

            return null;
        }
    }

    /// <summary>True when the name occurs, with or without a value.</summary>
    public bool Has(string name) => this[name] is not null;

    /// <summary>Reads a raw query string without its question mark.</summary>
    /// <exception cref="S3Exception">An escape is broken, or there are more than <see cref="MaximumCount"/> parameters.</exception>
    public static RequestQuery Parse(string raw)
    {
        List<QueryParameter> parameters = [];
        foreach (var range in raw.AsSpan().Split('&'))
        {
            var part = raw.AsSpan()[range];
            if (part.IsEmpty)
                continue;
            int equals = part.IndexOf('=');
            string name = (equals < 0 ? part : part[..equals]).ToString(), value = equals < 0 ? "" : part[(equals + 1)..].ToString();
            if (!PercentCoding.TryDecode(name, true, out name) || !PercentCoding.TryDecode(value, true, out value))
                throw new S3Exception(S3Error.InvalidURI, $"The query parameter '{part}' is not percent-encoded UTF-8.");
            if (parameters.Count == MaximumCount)
                throw new S3Exception(S3Error.InvalidArgument, $"The query has more than {MaximumCount} parameters.");
            parameters.Add(new(name, value, equals >= 0));
        }

        return new(parameters);
    }

    /// <summary>
    /// The canonical query string of Signature Version 4: every name and value encoded, sorted by them; a parameter named
    /// <paramref name="without"/> is left out.
    /// </summary>
    public string Canonical(string? without)
    {
        var encoded = new List<(string Name, string Value)>(_parameters.Count);
        foreach (var parameter in _parameters)
        {
            if (parameter.Name != without)
                encoded.Add((PercentCoding.Encode(parameter.Name, false), PercentCoding.Encode(parameter.Value, false)));
        }

        encoded.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name) is not 0 and var order ? order : string.CompareOrdinal(a.Value, b.Value));
        var result = new StringBuilder();
        foreach (var (name, value) in encoded)
            result.Append(result.Length == 0 ? "" : "&").Append(name).Append('=').Append(value);
        return result.ToString();
    }

    /// <summary>A whole number from a parameter within bounds, or null when it is absent or empty.</summary>
    /// <exception cref="S3Exception">InvalidArgument: the value is no number or out of bounds.</exception>
    public int? Integer(string name, int minimum, int maximum)
    {
        if (this[name] is not { Length: > 0 } text)
            return null;
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) || value < minimum || value > maximum)
        {
            throw new S3Exception(S3Error.InvalidArgument, $"Argument {name} must be an integer between {minimum} and {maximum}.")
                .With("ArgumentName", name).With("ArgumentValue", text);
        }

        return value;
    }

    /// <summary>True when the name is there with a text in it.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value) => (value = this[name]) is { Length: > 0 };
}
