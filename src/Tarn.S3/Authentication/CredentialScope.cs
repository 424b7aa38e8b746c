using System.Globalization;

namespace Tarn.S3.Authentication;

/// <summary>The credential of Signature Version 4: <c>key/yyyymmdd/region/service/aws4_request</c>.</summary>
/// <param name="AccessKeyId">Access key; may itself hold slashes.</param>
/// <param name="Date">Day of the signature as <c>yyyymmdd</c>.</param>
/// <param name="Region">Region the client believes to talk to; any is accepted, since a server of Tarn is one region.</param>
/// <param name="Service"><c>s3</c> or <c>sts</c>.</param>
internal sealed record CredentialScope(string AccessKeyId, string Date, string Region, string Service)
{
    private const string Terminator = "aws4_request";

    /// <summary>The scope without the key, as it is signed.</summary>
    public string Text { get; } = $"{Date}/{Region}/{Service}/{Terminator}";

    /// <summary>Reads a credential; null when it has another shape.</summary>
    public static CredentialScope? TryParse(string text)
    {
        string[] parts = text.Split('/');
        if (parts is not [_, .., var date, var region, var service, Terminator])
            return null;
        bool isDay = DateOnly.TryParseExact(date, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        string key = string.Join('/', parts[..^4]);
        return isDay && key.Length > 0 && region.Length > 0 && service.Length > 0 ? new(key, date, region, service) : null;
    }
}
