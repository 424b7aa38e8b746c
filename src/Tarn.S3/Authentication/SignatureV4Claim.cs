using System.Globalization;
using Tarn.S3.Errors;
using Tarn.S3.Requests;

namespace Tarn.S3.Authentication;

/// <summary>What a request claims under Signature Version 4, read but not checked.</summary>
/// <param name="Scope">Whose key, and for which day, region and service.</param>
/// <param name="SignedHeaders">Names of the signed headers in lower case, in the order in which they were signed.</param>
/// <param name="Signature">64 hexadecimal digits as sent.</param>
/// <param name="Timestamp">When the request was signed, as text <c>yyyyMMdd'T'HHmmss'Z'</c>.</param>
/// <param name="SignedAt">The same as a time.</param>
/// <param name="Lifetime">How long a presigned URL may be used; null for a signed header.</param>
internal sealed record SignatureV4Claim(
    CredentialScope Scope, IReadOnlyList<string> SignedHeaders, string Signature, string Timestamp, DateTimeOffset SignedAt, TimeSpan? Lifetime)
{
    /// <summary>Name of the algorithm, first word of the header and value of <c>X-Amz-Algorithm</c>.</summary>
    public const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The longest lifetime of a presigned URL.</summary>
    public static readonly TimeSpan MaximumLifetime = TimeSpan.FromDays(7);

    private const string TimestampFormat = "yyyyMMdd'T'HHmmss'Z'";

    // HTTP dates, and the form of e-mail that boto writes (RFC 5322 §3.3: -0000 is UTC).
    private static readonly string[] s_dateFormats = ["r", "ddd, dd MMM yyyy HH:mm:ss '-0000'"];
    private const int MaximumSignedHeaders = 100;

    /// <summary>Reads the header <c>Authorization</c> beside the time of <c>x-amz-date</c> or <c>Date</c>.</summary>
    /// <exception cref="S3Exception">AuthorizationHeaderMalformed or AccessDenied: a part is missing or has the wrong shape.</exception>
    public static SignatureV4Claim FromHeader(string authorization, string? amzDate, string? date)
    {
        string? credential = null, signedHeaders = null, signature = null;
        foreach (string part in authorization[Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = part.IndexOf('=');
            string value = equals < 0 ? "" : part[(equals + 1)..];
            switch (equals < 0 ? part : part[..equals])
            {
                case "Credential" when credential is null: credential = value; break;
                case "SignedHeaders" when signedHeaders is null: signedHeaders = value; break;
                case "Signature" when signature is null: signature = value; break;
                default: throw Malformed($"It holds the part '{part}', which is unknown or there for the second time.");
            }
        }

        var scope = CredentialScope.TryParse(credential ?? throw Malformed("It lacks 'Credential'."))
            ?? throw Malformed("The Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        var (text, time) = Time(amzDate, date);
        if (!text.StartsWith(scope.Date, StringComparison.Ordinal))
            throw Malformed($"Invalid credential date \"{scope.Date}\". This date is not the same as X-Amz-Date: \"{text[..8]}\".");
        return new(scope, Names(signedHeaders, Malformed), Hex(signature, Malformed), text, time, null);
    }

    /// <summary>Reads the parameters of a presigned URL.</summary>
    /// <exception cref="S3Exception">AuthorizationQueryParametersError: a parameter is missing or has the wrong shape.</exception>
    public static SignatureV4Claim FromQuery(RequestQuery query)
    {
        if (query["X-Amz-Algorithm"] != Algorithm)
            throw MalformedQuery($"X-Amz-Algorithm only supports \"{Algorithm}\".");
        string Required(string name) => query.TryGet(name, out string? value) ? value
            : throw MalformedQuery("Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
        var scope = CredentialScope.TryParse(Required("X-Amz-Credential"))
            ?? throw MalformedQuery("Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        string text = Required("X-Amz-Date");
        if (!TryTime(text, out var time))
            throw MalformedQuery("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\".");
        if (!text.StartsWith(scope.Date, StringComparison.Ordinal))
            throw MalformedQuery($"Invalid credential date \"{scope.Date}\". This date is not the same as X-Amz-Date: \"{text[..8]}\".");
        if (!long.TryParse(Required("X-Amz-Expires"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds))
            throw MalformedQuery("X-Amz-Expires should be a number.");
        if (seconds < 0)
            throw OutOfRange("X-Amz-Expires must be non-negative.");
        if (seconds > MaximumLifetime.TotalSeconds)
            throw OutOfRange("X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds.");
        return new(scope, Names(Required("X-Amz-SignedHeaders"), MalformedQuery), Hex(Required("X-Amz-Signature"), MalformedQuery), text, time, TimeSpan.FromSeconds(seconds));
    }

    private static (string Text, DateTimeOffset Time) Time(string? amzDate, string? date)
    {
        if (amzDate is not null && TryTime(amzDate, out var exact))
            return (amzDate, exact);
        if (amzDate is null && date is not null && DateTimeOffset.TryParseExact(date, s_dateFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var http))
            return (http.ToString(TimestampFormat, CultureInfo.InvariantCulture), http);
        throw new S3Exception(S3Error.AccessDenied, "AWS authentication requires a valid Date or x-amz-date header");
    }

    private static bool TryTime(string text, out DateTimeOffset time)
        => DateTimeOffset.TryParseExact(text, TimestampFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    private static string[] Names(string? list, Func<string, S3Exception> malformed)
    {
        string[] names = list is { Length: > 0 } ? list.ToLowerInvariant().Split(';') : throw malformed("It lacks 'SignedHeaders'.");
        return names.Length <= MaximumSignedHeaders ? names : throw malformed($"It signs more than {MaximumSignedHeaders} headers.");
    }

    private static string Hex(string? signature, Func<string, S3Exception> malformed)
        => signature is { Length: > 0 } ? signature : throw malformed("It lacks 'Signature'.");

    private static S3Exception Malformed(string why)
        => new(S3Error.AuthorizationHeaderMalformed, $"The authorization header is malformed; {why}");

    private static S3Exception OutOfRange(string why) => new(S3Error.AccessDenied, why);

    private static S3Exception MalformedQuery(string why) => new(S3Error.AuthorizationQueryParametersError, why);
}
