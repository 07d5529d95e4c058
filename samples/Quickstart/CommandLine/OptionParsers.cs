using System.CommandLine.Parsing;
using System.Globalization;
using Minions.Core.OnnxRuntime;

namespace Quickstart.CommandLine;

/// <summary>Turns typed values into numbers and names, with messages that say what would have been accepted.</summary>
internal static class OptionParsers
{
    public static int Number(ArgumentResult result, string option, int least, int greatest)
    {
        string typed = result.Tokens[0].Value;
        if (int.TryParse(typed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= least && number <= greatest)
            return number;

        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option}: '{typed}' is not a whole number from {least} to {greatest}."));
        return 0;
    }

    public static ExecutionProvider Provider(ArgumentResult result, string option)
    {
        string typed = result.Tokens[0].Value;

        // By name only: Enum.TryParse alone would take '7' for a provider.
        if (Enum.GetNames<ExecutionProvider>().FirstOrDefault(name => name.Equals(typed, StringComparison.OrdinalIgnoreCase)) is { } known)
            return Enum.Parse<ExecutionProvider>(known);

        result.AddError($"{option}: '{typed}' is unknown. Choose auto, cpu or cuda.");
        return default;
    }
}
