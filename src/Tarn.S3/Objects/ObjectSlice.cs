using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tarn.S3.Errors;
using Tarn.S3.Requests;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>Which bytes of a version a request asks for: all, a range, or one part of a multipart object.</summary>
/// <param name="Range">The bytes.</param>
/// <param name="Status">200, or 206 for a range or part.</param>
/// <param name="Part">The part, when one was asked for by number and the object has parts.</param>
internal readonly record struct ObjectSlice(ByteRange Range, int Status, ObjectPart? Part)
{
    /// <summary>Highest part number ("Multipart upload limits").</summary>
    private const int MaximumPartNumber = 10_000;

    /// <summary>True when the answer is not the whole object.</summary>
    public bool IsPartial => Status == StatusCodes.Status206PartialContent;

    /// <summary>Reads <c>partNumber</c> and <c>Range</c>.</summary>
    /// <exception cref="S3Exception">InvalidRange, InvalidPart, or InvalidRequest for both at once.</exception>
    public static ObjectSlice Read(S3Request request, ObjectRecord record)
    {
        int? partNumber = request.Query.Integer("partNumber", 1, MaximumPartNumber);
        string? header = ReadConditions.KeepsRange(request, record) ? request.Header("Range") : null;
        if (partNumber is { } number)
        {
            return header is null ? OfPart(record, number)
                : throw new S3Exception(S3Error.InvalidRequest, "Cannot specify both Range header and partNumber query parameter");
        }

        if (ByteRange.Parse(header, record.SizeBytes, out bool isSatisfiable) is not { } range)
            return new(new(0, record.SizeBytes), StatusCodes.Status200OK, null);
        if (isSatisfiable)
            return new(range, StatusCodes.Status206PartialContent, null);
        throw new S3Exception(S3Error.InvalidRange).With("RangeRequested", header!).With("ActualObjectSize", record.SizeBytes.ToString(CultureInfo.InvariantCulture))
            .WithHeader("Content-Range", $"bytes */{record.SizeBytes}");
    }

    // An object that was put in one piece is its own part 1.
    private static ObjectSlice OfPart(ObjectRecord record, int number)
    {
        if (record.Parts.IsEmpty && number == 1)
            return new(new(0, record.SizeBytes), StatusCodes.Status206PartialContent, null);
        long offset = 0;
        for (int i = 0; i < record.Parts.Length; offset += record.Parts[i++].SizeBytes)
        {
            // Parts count by their place: 1, 2, 3, whatever numbers they were uploaded with.
            if (i + 1 == number)
                return new(new(offset, record.Parts[i].SizeBytes), StatusCodes.Status206PartialContent, record.Parts[i]);
        }

        throw new S3Exception(S3Error.InvalidPart, "The object has no part of this number.").With("ActualPartCount", Math.Max(1, record.Parts.Length).ToString(CultureInfo.InvariantCulture))
            .With("PartNumberRequested", number.ToString(CultureInfo.InvariantCulture));
    }
}
