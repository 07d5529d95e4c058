using System.Security.Cryptography;
using System.Text;

namespace Minions.Extensions.AI.ToolCalls;

/// <summary>The ids that a family of models has for its calls.</summary>
internal abstract class CallIds
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int MistralLength = 9;

    private CallIds()
    {
    }

    /// <summary>Any text is an id.</summary>
    public static CallIds Any { get; } = new AnyText();

    /// <summary>Nine letters and digits, which Mistral's templates insist on.</summary>
    public static CallIds NineLetters { get; } = new NineAlphanumerics();

    /// <summary><c>functions.name:number</c>, which Kimi's templates write in place of the name.</summary>
    public static CallIds NameAndNumber { get; } = new FunctionNumber();

    /// <summary>An id that no other call has.</summary>
    public abstract string New();

    /// <summary>The id that the template is given for a call that may come from another model; the same for the same call.</summary>
    /// <param name="id">The call's id in the history.</param>
    /// <param name="name">The tool's name.</param>
    /// <param name="ordinal">How many calls the history has before it.</param>
    public abstract string Fit(string id, string name, int ordinal);

    private sealed class AnyText : CallIds
    {
        public override string New() => "call_" + RandomNumberGenerator.GetString(Letters, 24);

        public override string Fit(string id, string name, int ordinal) => id;
    }

    private sealed class NineAlphanumerics : CallIds
    {
        public override string New() => RandomNumberGenerator.GetString(Letters, MistralLength);

        public override string Fit(string id, string name, int ordinal)
        {
            if (id.Length == MistralLength && id.All(char.IsAsciiLetterOrDigit))
                return id;

            byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(id));
            return string.Create(MistralLength, hash, static (letters, bytes) =>
            {
                for (int i = 0; i < letters.Length; i++)
                    letters[i] = Letters[bytes[i] % Letters.Length];
            });
        }
    }

    private sealed class FunctionNumber : CallIds
    {
        public override string New() => Any.New();

        public override string Fit(string id, string name, int ordinal) =>
            id.Contains(name + ":", StringComparison.Ordinal) ? id : FormattableString.Invariant($"functions.{name}:{ordinal}");
    }
}
