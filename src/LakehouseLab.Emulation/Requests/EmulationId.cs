using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;
using LakehouseLab.Emulation.Lakes;

namespace LakehouseLab.Emulation.Requests;

/// <summary>Names an emulation by what it is, so that the same command continues the same emulation.</summary>
public static class EmulationId
{
    /// <summary>The id of an emulation whose rows are not stated but found, such as the next ones of a domain, so that the same command means others each
    /// time: a UUID of version 7.</summary>
    public static Guid New(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow());

    /// <summary>The id of a request: a UUID of version 8 (RFC 9562) that hashes world, domain, format, labels, place,
    /// destination, first row and end; not pace, threads, chunk size or compression, which change no record.</summary>
    internal static Guid Of(EmulationRequest request, string place)
    {
        string world = JsonSerializer.Serialize(new WorldBinding(LakeLayout.Version, request.World.Settings), LakeDocuments.Default.WorldBinding);
        string name = FormattableString.Invariant(
            $"{world}\n{request.Schema.Name}\n{request.Format.Name}\n{request.Labels}\n{place}\n{request.Destination.Name} {request.Destination.Location}\n{request.FirstRow}\n{request.Rows}\n{request.Duration}");
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(name)));
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
