using Microsoft.Extensions.Logging;

namespace Minions.Core.Diagnostics;

/// <summary>
/// Calls that end or report something and come from outside: what they throw has nobody to go to, and must not take a lane's thread along.
/// </summary>
internal static class UserCode
{
    public static void Guard(ILogger logger, Action call)
    {
        try
        {
            call();
        }
        catch (Exception fault)
        {
            try
            {
                LogMessages.CleanUpFailed(logger, fault);
            }
            catch (Exception)
            {
                // The logger itself is at fault: there is nowhere left to report to.
            }
        }
    }
}
