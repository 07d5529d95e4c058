using Microsoft.ML.OnnxRuntime;
using Minions.Core.OnnxRuntime.Folder;

namespace Minions.Core.OnnxRuntime.Graph;

/// <summary>A condition of a decoder that depends on the length of the text.</summary>
internal sealed class LengthCondition
{
    private const int ShortestSwitch = 2;
    private const int SmallPast = 16;
    private const int Samples = 50;

    private readonly LengthProgram _program;
    private readonly int _context;

    private LengthCondition(LengthProgram program, int context) => (_program, _context) = (program, context);

    /// <summary>The length behind which a condition changes its value.</summary>
    /// <returns>The switch, or null where the condition depends on anything but the length of the text, or changes more than once.</returns>
    public static FactorSwitch? FindSwitch(OnnxModel model, ModelFolder folder, string condition)
    {
        try
        {
            using LengthProgram? program = LengthProgram.Open(model, folder, condition);
            return program is null ? null : new LengthCondition(program, folder.ContextLength).FindSwitch();
        }
        catch (OnnxRuntimeException)
        {
            // Not understood: the graph then counts as one whose rows depend on one another.
            return null;
        }
    }

    private FactorSwitch? FindSwitch()
    {
        if (_context <= ShortestSwitch || Evaluate(ShortestSwitch, 0) is not { } ofShort || Evaluate(1, 0) != ofShort || Evaluate(_context, 0) is not { } ofLong)
            return null;

        // Once on the other side it stays there.
        IEnumerable<bool?> samples = Enumerable.Range(1, Samples).Select(i => Evaluate(ShortestSwitch + (int)((long)(_context - ShortestSwitch) * i / Samples), 0));
        if (samples.SkipWhile(value => value == ofShort).Any(value => value != ofLong))
            return null;
        if (ofLong == ofShort)
            return IsOfLengthAlone(_context, ofLong) ? new FactorSwitch(int.MaxValue, !ofShort) : null;

        int shortest = ShortestSwitch, longest = _context;
        while (longest - shortest > 1)
        {
            int middle = shortest + ((longest - shortest) / 2);
            if (Evaluate(middle, 0) == ofShort)
                shortest = middle;
            else
                longest = middle;
        }

        return IsOfLengthAlone(shortest, ofShort) && IsOfLengthAlone(longest, ofLong) ? new FactorSwitch(shortest, ofLong) : null;
    }

    // The same whether the text comes at once or behind a past.
    private bool IsOfLengthAlone(int length, bool value) => Evaluate(length, 0) == value && Evaluate(length, Math.Min(SmallPast, length - 1)) == value;

    // Null where the condition is no single flag.
    private bool? Evaluate(int total, int past)
    {
        using OrtValue? condition = _program.Run(total, past);
        if (condition is null)
            return null;

        ReadOnlySpan<byte> flag = condition.GetTensorMutableRawData();
        return flag.Length == 1 ? flag[0] != 0 : null;
    }
}
