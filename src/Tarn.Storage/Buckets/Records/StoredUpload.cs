namespace Tarn.Storage.Buckets.Records;

/// <summary>A part as the index keeps it.</summary>
/// <param name="Part">What clients see.</param>
/// <param name="FileId">Names the file.</param>
/// <param name="Crc32C">Of all bytes.</param>
internal sealed record StoredPart(UploadPart Part, ulong FileId, uint Crc32C);
