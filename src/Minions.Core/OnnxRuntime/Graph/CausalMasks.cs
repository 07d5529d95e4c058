using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>
/// Masks of attention that hide from a row of a text what comes after it, and nothing else: what the operator does by itself when it is told to be
/// causal. Exporters write them as truth values or as numbers that are added to the scores, in many ways; so a mask is run alone, on texts of several
/// lengths with nothing padded, and what it hides is looked at.
/// </summary>
internal static class CausalMasks
{
    private const int MostRows = 3;
    private const int Samples = 16;

    // A mask whose making takes the square of the text is not run on texts beyond this; twice the text is then four times as much.
    private const int LongestSquare = 2048;
    private const int TrialLength = 128;

    // Exporters hide entries by the lowest number of the element type: -65504 in float16, far less in the others.
    private const float Hidden = -6e4f;

    /// <summary>The values of a graph that are such masks of its attention nodes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">What the inputs are called, and the longest text.</param>
    public static IReadOnlySet<string> Find(OnnxModel model, ModelFolder folder) => model.Graph.Node
        .Where(StandardAttention.Is)
        .Select(StandardAttention.MaskOf)
        .OfType<string>()
        .Distinct(StringComparer.Ordinal)
        .Where(mask => !AllTrueMask.Is(model.Graph, mask, folder.Names.AttentionMask) && Is(model, folder, mask))
        .ToHashSet(StringComparer.Ordinal);

    private static bool Is(OnnxModel model, ModelFolder folder, string mask)
    {
        try
        {
            using LengthProgram? program = LengthProgram.Open(model, folder, mask, makesAll: true);
            return program is not null && program.Nodes.All(node => DependsOnLengths(node, folder, model.Graph)) && HidesWhatFollows(program, folder.ContextLength);
        }
        catch (OnnxRuntimeException)
        {
            // Not understood: the mask stays.
            return false;
        }
    }

    // Positions count on and the request's mask is all ones. Of ids, rows and caches only the sizes are known.
    private static bool DependsOnLengths(OnnxNode node, ModelFolder folder, OnnxGraph graph) => !ConstantValues.IsRandom(node)
        && (node.OpType is "Shape" or "Size" || !GraphWalk.Reads(node).Any(name => name != folder.Names.AttentionMask && name != folder.Names.PositionIds && graph.Input.Any(input => input.Name == name)
            && graph.Initializer.All(tensor => tensor.Name != name)));

    private static bool HidesWhatFollows(LengthProgram program, int context)
    {
        // Short texts at once and in pieces; then the last rows of longer ones up to the longest, where a window of any size would show.
        if (!(context >= 9 && Check(1, 0) && Check(2, 0) && Check(8, 0) && Check(8, 7) && Check(9, 4)))
            return false;

        return (context <= LongestSquare || Elements(2 * TrialLength) < 3 * Elements(TrialLength))
            && Enumerable.Range(1, Samples).Select(i => (int)((long)context * i / Samples)).Where(total => total > MostRows).All(total => Check(total, total - MostRows) && Check(total, total - 1));

        long Elements(int total) => program.LargestElements(total, total - MostRows) ?? 0;

        bool Check(int total, int past)
        {
            using OrtValue? mask = program.Run(total, past);
            return mask is not null && IsCausal(mask, total, past);
        }
    }

    private static bool IsCausal(OrtValue mask, int total, int past)
    {
        OrtTensorTypeAndShapeInfo info = mask.GetTensorTypeAndShape();
        int rows = total - past;
        if (info.Shape is not [.., var ofRows, var ofEntries] || ofRows != rows || ofEntries != total)
            return false;

        // What stands before rows and entries is the batch and heads.
        ReadOnlySpan<byte> data = mask.GetTensorMutableRawData();
        for (int at = 0; at < info.ElementCount; at++)
        {
            bool isVisible = at % total <= past + (at / total % rows);
            if (Shows(data, info.ElementDataType, at) != isVisible)
                return false;
        }

        return true;
    }

    // Null for a number that neither shows an entry as it is nor hides it.
    private static bool? Shows(ReadOnlySpan<byte> data, TensorElementType type, int at) => type switch
    {
        TensorElementType.Bool => data[at] != 0,
        TensorElementType.Float => Shows(MemoryMarshal.Cast<byte, float>(data)[at]),
        TensorElementType.Float16 => Shows((float)MemoryMarshal.Cast<byte, Half>(data)[at]),
        TensorElementType.BFloat16 => Shows(BitConverter.UInt32BitsToSingle((uint)MemoryMarshal.Cast<byte, ushort>(data)[at] << 16)),
        _ => null,
    };

    private static bool? Shows(float number) => number == 0 ? true : number <= Hidden ? false : null;
}
