using Tarn.S3.Checksums;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>The elements that ListObjects and ListObjectsV2 have in common.</summary>
internal static class ListedObject
{
    /// <summary>Writes <c>Contents</c> of every object of a page, then its <c>CommonPrefixes</c>.</summary>
    /// <param name="xml">The document.</param>
    /// <param name="page">The page.</param>
    /// <param name="isEncoded">Whether keys are percent-encoded.</param>
    /// <param name="owners">Owners to name, or null for none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async ValueTask WriteAsync(XmlAnswer xml, ObjectPage page, bool isEncoded, ListedOwners? owners, CancellationToken cancellationToken)
    {
        foreach (var record in page.Objects)
        {
            xml.Open("Contents").Key("Key", record.Key, isEncoded).Element("LastModified", record.LastModified).Element("ETag", ObjectHeaders.Quoted(record.ETag));
            foreach (var checksum in record.Checksums)
                xml.Element("ChecksumAlgorithm", checksum.Algorithm.Name).Element("ChecksumType", checksum.IsComposite ? "COMPOSITE" : "FULL_OBJECT");
            xml.Element("Size", record.SizeBytes);
            if (owners is not null)
                await owners.WriteAsync(xml, record, cancellationToken);
            xml.Element("StorageClass", ListingParameters.StorageClass(record.Headers)).Close();
        }

        foreach (string prefix in page.CommonPrefixes)
            xml.Open("CommonPrefixes").Key("Prefix", prefix, isEncoded).Close();
    }
}
