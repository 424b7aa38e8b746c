using System.Xml.Linq;
using Tarn.Access;
using Tarn.S3.Errors;
using Tarn.S3.Xml;

namespace Tarn.S3.Acls;

/// <summary>The document <c>AccessControlPolicy</c>: owner and grants of a bucket or object.</summary>
/// <param name="Owner">Canonical id of the owner that the document names; empty when it names none.</param>
/// <param name="Grants">Grants in order.</param>
internal sealed record AccessControlPolicy(string Owner, IReadOnlyList<AclGrant> Grants)
{
    /// <summary>Name of the document's root.</summary>
    public const string Root = "AccessControlPolicy";

    private const int MaximumGrants = 100;

    private static readonly XName s_type = XName.Get("type", "http://www.w3.org/2001/XMLSchema-instance");

    /// <summary>Reads the document.</summary>
    /// <exception cref="S3Exception">MalformedACLError; InvalidArgument for unknown groups; UnresolvableGrantByEmailAddress, for identities have no e-mail address.</exception>
    public static AccessControlPolicy Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var root = XmlRequest.Read(body, Root);
            root.Allow("Owner", "AccessControlList");
            var list = root.AtMostOne("AccessControlList") ?? throw new S3Exception(S3Error.MalformedACLError, "'AccessControlPolicy' lacks 'AccessControlList'.");
            list.Allow("Grant");
            var grants = list.Children("Grant").Select(Grant).ToList();
            return grants.Count <= MaximumGrants ? new(root.Child("Owner")?.Text("ID") ?? "", grants)
                : throw new S3Exception(S3Error.MalformedACLError, $"The list has {grants.Count} grants; at most {MaximumGrants} are possible.");
        }
        catch (S3Exception e) when (e.Error == S3Error.MalformedXML)
        {
            throw new S3Exception(S3Error.MalformedACLError, e.Message, e);
        }
    }

    /// <summary>Writes the document.</summary>
    /// <param name="owner">Owner of the bucket or object.</param>
    /// <param name="grants">Grants in order.</param>
    /// <param name="names">Display names of canonical ids.</param>
    public static XmlAnswer Write(AccessOwner owner, IEnumerable<AclGrant> grants, IReadOnlyDictionary<string, string> names)
    {
        var xml = new XmlAnswer().Root(Root);
        xml.Open("Owner").Element("ID", owner.CanonicalId).Element("DisplayName", owner.DisplayName).Close();
        xml.Open("AccessControlList");
        foreach (var grant in grants)
        {
            xml.Open("Grant");
            if (grant.IsOfGroup)
                xml.OpenTyped("Grantee", "Group").Element("URI", grant.Grantee).Close();
            else
                xml.OpenTyped("Grantee", "CanonicalUser").Element("ID", grant.Grantee).Element("DisplayName", names.GetValueOrDefault(grant.Grantee, "")).Close();
            xml.Element("Permission", grant.Permission).Close();
        }

        return xml.Close().Close();
    }

    private static AclGrant Grant(XElement element)
    {
        element.Allow("Grantee", "Permission");
        string permission = element.Choice("Permission", "FULL_CONTROL", "WRITE", "WRITE_ACP", "READ", "READ_ACP");
        var grantee = element.AtMostOne("Grantee") ?? throw new S3Exception(S3Error.MalformedACLError, "'Grant' lacks 'Grantee'.");
        return new(
            (string?)grantee.Attribute(s_type) switch
            {
                "CanonicalUser" => grantee.Required("ID"),
                "Group" => Group(grantee.Required("URI")),
                "AmazonCustomerByEmail" => throw new S3Exception(S3Error.UnresolvableGrantByEmailAddress),
                var type => throw new S3Exception(S3Error.MalformedACLError, $"'{type}' is no type of grantee."),
            },
            permission);
    }

    private static string Group(string uri) => uri is AclGrant.AllUsers or AclGrant.AuthenticatedUsers or AclGrant.LogDelivery ? uri
        : throw new S3Exception(S3Error.InvalidArgument, "Invalid group uri").With("ArgumentName", "Group").With("ArgumentValue", uri);
}
