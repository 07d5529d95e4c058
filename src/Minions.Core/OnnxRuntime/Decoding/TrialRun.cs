using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace Minions.Core.OnnxRuntime.Decoding;

/// <summary>
/// Runs a few ids when a model is loaded: what a graph does with several rows and with a past does not show in its inputs and outputs, and a graph
/// that cannot do it would fail with every request.
/// </summary>
internal static partial class TrialRun
{
    private const int Rows = 3;
    private const int More = 2;

    /// <summary>Runs a text in two pieces.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="rowCut">A node that takes rows out before the logits, by name and operator, or null.</param>
    /// <exception cref="ModelLoadException">The graph cannot be run as a decoder.</exception>
    public static void Run(OnnxDecoder decoder, string? rowCut)
    {
        if (decoder.Folder.ContextLength < Rows + More)
            return;

        try
        {
            using KvCache cache = decoder.OpenCache();

            // The factors of long texts serve every length.
            cache.UsesLongFactors = decoder.Signature.Factors is not null;
            cache.Reserve(Rows + More, 0);
            cache.Run([0, 0, 0], 0);
            cache.Run([0, 0], Rows);
        }
        catch (Exception fault) when (fault is ModelRunException or OnnxRuntimeException)
        {
            string file = decoder.Folder.ModelFile;
            throw new ModelLoadException($"Model '{file}' is no decoder this library can run: {ReasonOf(fault, decoder, rowCut)}.", file, fault);
        }
    }

    private static string ReasonOf(Exception fault, OnnxDecoder decoder, string? rowCut)
    {
        Match failed = FailedNode().Match(fault.Message);
        string what = failed.Success ? $"node '{failed.Groups["node"].Value}' failed: {failed.Groups["why"].Value.TrimEnd(' ', '.')}" : fault.Message.TrimEnd(' ', '.');
        if (rowCut is not null)
        {
            return $"output '{decoder.Folder.Names.Logits}' does not have a row for each id (see {rowCut}), and verification needs every row. "
                + $"Export it without cutting the logits. What failed: {what}";
        }

        return $"a trial run of {Rows} ids and {More} more behind them failed, where a decoder takes any number of rows behind any past: {what}. "
            + "Check that configuration and graph are of the same model, and export it as a text decoder with KV cache and dynamic lengths";
    }

    // How ONNX Runtime words the failure of a node.
    [GeneratedRegex("Name:'(?<node>[^']*)'.*?Status Message:\\s*(?<why>[^\\r\\n]*)", RegexOptions.Singleline)]
    private static partial Regex FailedNode();
}
