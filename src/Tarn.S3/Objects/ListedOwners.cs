using Tarn.Access;
using Tarn.S3.Acls;
using Tarn.S3.Operations;
using Tarn.S3.Ownership;
using Tarn.S3.Xml;
using Tarn.Storage.Buckets;

namespace Tarn.S3.Objects;

/// <summary>The owners of a page of objects, each looked up once. What nobody stored belongs to the bucket's owner.</summary>
internal sealed class ListedOwners(S3Call call)
{
    private readonly Dictionary<string, AccessOwner> _known = new(StringComparer.Ordinal);

    /// <summary>Writes the element <c>Owner</c> of an object.</summary>
    public async ValueTask WriteAsync(XmlAnswer xml, ObjectRecord record, CancellationToken cancellationToken)
    {
        string id = ObjectOwnership.OwnerOf(await call.BucketAsync(cancellationToken), record);
        if (!_known.TryGetValue(id, out var owner))
            _known[id] = owner = await call.OwnerAsync(id, cancellationToken);
        xml.Open("Owner").Element("ID", owner.CanonicalId).Element("DisplayName", owner.DisplayName).Close();
    }
}
