using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Tarn.S3.Checksums;
using Tarn.S3.Errors;
using Tarn.S3.Multipart;
using Tarn.S3.Operations;
using Tarn.S3.Requests;
using Tarn.S3.Versions;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>GetObjectAttributes: size, checksum and parts of a version without its bytes.</summary>
internal sealed class GetObjectAttributes : IS3Operation
{
    private const string AttributesHeader = "x-amz-object-attributes";

    private static readonly string[] s_names = ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"];

    /// <inheritdoc/>
    public S3Permission? Permission(S3Request request) => S3Permission.OnVersion("s3:GetObjectAttributes", "s3:GetObjectVersionAttributes", request);

    /// <inheritdoc/>
    public async ValueTask HandleAsync(S3Call call, CancellationToken cancellationToken)
    {
        var bucket = await call.BucketAsync(cancellationToken);
        var wanted = Wanted(call.Request);
        var record = await call.VersionAsync(cancellationToken);
        call.Response.Headers.LastModified = record.LastModified.ToString("r");
        if (record.VersionId != ObjectRecord.NullVersionId)
            call.Response.Headers["x-amz-version-id"] = record.VersionId;

        var xml = new XmlAnswer().Root("GetObjectAttributesResponse");
        if (wanted.Contains("ETag"))
            xml.Element("ETag", record.ETag);
        if (wanted.Contains("Checksum") && await call.Services.Store.ReadChecksumsAsync(bucket.Name, record, cancellationToken) is { IsEmpty: false } checksums)
            Checksum(xml, checksums);
        if (wanted.Contains("ObjectParts") && !record.Parts.IsEmpty)
            Parts(xml, record, call.Request);
        if (wanted.Contains("StorageClass"))
            xml.Element("StorageClass", ListingParameters.StorageClass(record.Headers));
        if (wanted.Contains("ObjectSize"))
            xml.Element("ObjectSize", record.SizeBytes);
        await call.RespondAsync(xml.Close(), cancellationToken);
    }

    private static HashSet<string> Wanted(S3Request request)
    {
        var wanted = (request.Header(AttributesHeader) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        if (wanted.Count == 0)
            throw Invalid("", "The x-amz-object-attributes header specifying the attributes to be retrieved is either missing or empty");
        return wanted.FirstOrDefault(n => !s_names.Contains(n)) is { } unknown ? throw Invalid(unknown, "Invalid attribute name specified.") : wanted;
    }

    private static void Checksum(XmlAnswer xml, ImmutableArray<ObjectChecksum> checksums)
    {
        xml.Open("Checksum");
        foreach (var checksum in checksums)
            xml.Element(checksum.Algorithm.Element, checksum.Value);
        xml.Element("ChecksumType", UploadChecksum.TypeName(checksums[0].IsComposite)).Close();
    }

    private static void Parts(XmlAnswer xml, ObjectRecord record, S3Request request)
    {
        int limit = Integer(request, "x-amz-max-parts", BucketLimits.PageEntries), after = Integer(request, "x-amz-part-number-marker", 0);
        var rest = record.Parts.Where(p => p.Number > after).ToList();
        var page = rest.Take(Math.Min(limit, BucketLimits.PageEntries)).ToList();
        xml.Open("ObjectParts").Element("IsTruncated", page.Count < rest.Count).Element("MaxParts", limit);
        xml.Element("NextPartNumberMarker", page.Count == 0 ? after : page[^1].Number).Element("PartNumberMarker", after);
        xml.Element("PartsCount", record.Parts.Length);
        // A checksum that the object does not have would not belong to its own.
        foreach (var part in page)
        {
            xml.Open("Part").Element("PartNumber", part.Number).Element("Size", part.SizeBytes);
            foreach (var checksum in part.Checksums.Where(c => record.Checksums.Any(o => o.Algorithm == c.Algorithm)))
                xml.Element(checksum.Algorithm.Element, checksum.Value);
            xml.Close();
        }

        xml.Close();
    }

    private static int Integer(S3Request request, string header, int otherwise)
    {
        if (request.Header(header) is not { Length: > 0 } text)
            return otherwise;
        return int.TryParse(text, out int value) && value >= 0 ? value : throw Invalid(text, $"'{header}' must be a whole number that is not negative.");
    }

    private static S3Exception Invalid(string value, string message)
        => new S3Exception(S3Error.InvalidArgument, message).With("ArgumentName", AttributesHeader).With("ArgumentValue", value);
}
