namespace Tarn.Storage.Transfer;

/// <summary>A file or object below one end of a transfer.</summary>
/// <param name="Name">Its path below the end, with slashes; empty when the end is the file or object itself.</param>
/// <param name="SizeBytes">Length in bytes.</param>
/// <param name="LastModified">When it was written, UTC.</param>
public sealed record TransferItem(string Name, long SizeBytes, DateTimeOffset LastModified);
