using System.Globalization;
using System.Text.RegularExpressions;
using Tarn.S3.Errors;
using Tarn.S3.Objects;
using Tarn.S3.Requests;

namespace Tarn.S3.Multipart;

/// <summary>The header <c>x-amz-copy-source-range</c>: both ends are named, and both exist.</summary>
internal static partial class CopySourceRange
{
    private const string Header = "x-amz-copy-source-range";

    /// <summary>The bytes to copy; all of them without the header.</summary>
    /// <exception cref="S3Exception">InvalidArgument for another form, InvalidRange for bytes that the source does not have.</exception>
    public static ByteRange Read(S3Request request, long sizeBytes)
    {
        if (request.Header(Header) is not { } text)
            return new(0, sizeBytes);
        var match = Form().Match(text);
        if (!match.Success
            || !long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long first)
            || !long.TryParse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long last) || last < first)
        {
            throw Invalid(text, "The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy");
        }

        return last < sizeBytes ? new(first, last - first + 1)
            : throw new S3Exception(S3Error.InvalidRange, $"Range specified is not valid for source object of size: {sizeBytes}").With("RangeRequested", text);
    }

    private static S3Exception Invalid(string value, string message)
        => new S3Exception(S3Error.InvalidArgument, message).With("ArgumentName", Header).With("ArgumentValue", value);

    [GeneratedRegex("^bytes=([0-9]+)-([0-9]+)$")]
    private static partial Regex Form();
}
