using System.Runtime.InteropServices;
using Google.FlatBuffers;

namespace Minions.Core.GenAI.Tests;

/// <summary>Writes an adapter for ONNX Runtime that replaces one initializer of single precision.</summary>
internal static class AdapterFile
{
    private const int FormatVersion = 1;
    private const int Float = 1;

    public static void Write(string file, string initializer, float[] values, params long[] dimensions)
    {
        var builder = new FlatBufferBuilder(1024);
        StringOffset name = builder.CreateString(initializer);
        builder.StartVector(sizeof(long), dimensions.Length, sizeof(long));
        for (int i = dimensions.Length - 1; i >= 0; i--)
            builder.AddLong(dimensions[i]);
        VectorOffset shape = builder.EndVector();
        byte[] bytes = MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        builder.StartVector(1, bytes.Length, sizeof(long));
        for (int i = bytes.Length - 1; i >= 0; i--)
            builder.AddByte(bytes[i]);
        VectorOffset data = builder.EndVector();

        builder.StartTable(4);
        builder.AddOffset(0, name.Value, 0);
        builder.AddOffset(1, shape.Value, 0);
        builder.AddInt(2, Float, 0);
        builder.AddOffset(3, data.Value, 0);
        int parameter = builder.EndTable();
        builder.StartVector(sizeof(int), 1, sizeof(int));
        builder.AddOffset(parameter);
        VectorOffset parameters = builder.EndVector();

        builder.StartTable(4);
        builder.AddInt(0, FormatVersion, 0);
        builder.AddInt(1, 1, 0);
        builder.AddInt(2, 1, 0);
        builder.AddOffset(3, parameters.Value, 0);
        builder.Finish(builder.EndTable(), "TORT");
        File.WriteAllBytes(file, builder.SizedByteArray());
    }
}
