using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Tarn.S3.Errors;

namespace Tarn.S3.Forms;

/// <summary>The form of a browser upload ("Browser-based uploads using POST"): fields, then the file, which ends the form.</summary>
/// <param name="Fields">Fields before the file, names in any case.</param>
/// <param name="FileName">Name of the file as the browser knows it; empty when it gave none.</param>
/// <param name="File">The file's bytes, read once.</param>
internal sealed record PostForm(IHeaderDictionary Fields, string FileName, Stream File)
{
    /// <summary>Most bytes of names and values before the file ("MaxPostPreDataLengthExceeded").</summary>
    public const int MaximumFieldBytes = 20 * 1024;

    private const string FileField = "file", FileNameVariable = "${filename}";

    /// <summary>True for a request that is a form.</summary>
    public static bool Is(string? contentType)
        => MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the fields and stops before the file.</summary>
    /// <exception cref="S3Exception">MalformedPOSTRequest, MaxPostPreDataLengthExceeded, or InvalidArgument for a form without file.</exception>
    public static async ValueTask<PostForm> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var fields = new HeaderDictionary();
        int size = 0;
        try
        {
            var reader = new MultipartReader(Boundary(request), request.Body) { HeadersLengthLimit = MaximumFieldBytes };
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || HeaderUtilities.RemoveQuotes(disposition.Name).Value is not { Length: > 0 } name)
                    throw new S3Exception(S3Error.MalformedPOSTRequest, "A part of the form has no name.");
                if (name.Equals(FileField, StringComparison.OrdinalIgnoreCase))
                    return new(fields, FileNameOf(disposition), section.Body);
                string value = await ReadFieldAsync(section.Body, MaximumFieldBytes - size, cancellationToken);
                size += Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value);
                if (size > MaximumFieldBytes)
                    throw new S3Exception(S3Error.MaxPostPreDataLengthExceeded);
                fields[name] = value;
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new S3Exception(S3Error.MalformedPOSTRequest, broken.Message, broken);
        }

        throw new S3Exception(S3Error.InvalidArgument, "POST requires exactly one file upload per request.").With("ArgumentName", FileField).With("ArgumentValue", "0");
    }

    /// <summary>The key, with the file's name in place of <c>${filename}</c>.</summary>
    /// <exception cref="S3Exception">UserKeyMustBeSpecified.</exception>
    public string Key()
    {
        string key = Fields["key"].ToString();
        return key.Length == 0 ? throw new S3Exception(S3Error.UserKeyMustBeSpecified) : key.Replace(FileNameVariable, FileName, StringComparison.Ordinal);
    }

    /// <summary>A field's value, or null.</summary>
    public string? Field(string name) => Fields.TryGetValue(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    private static string Boundary(HttpRequest request)
        => MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 } boundary
            ? boundary
            : throw new S3Exception(S3Error.MalformedPOSTRequest, "The form's type has no boundary.");

    private static string FileNameOf(ContentDispositionHeaderValue disposition)
    {
        string name = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
        return name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
    }

    private static async ValueTask<string> ReadFieldAsync(Stream body, int maximumBytes, CancellationToken cancellationToken)
    {
        var content = new MemoryStream();
        byte[] buffer = new byte[1024];
        while (await body.ReadAsync(buffer, cancellationToken) is > 0 and var length)
        {
            content.Write(buffer, 0, length);
            if (content.Length > maximumBytes)
                throw new S3Exception(S3Error.MaxPostPreDataLengthExceeded);
        }

        return Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length);
    }
}
