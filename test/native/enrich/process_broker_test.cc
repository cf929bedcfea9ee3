#include "enrich/process_broker.h"

#include <gtest/gtest.h>

namespace nuthatch {
namespace {

constexpr std::string_view kServiceHost = "C:\\Windows\\System32\\svchost.exe";

std::string_view BrokerOfService(std::string_view arguments) {
  const std::string line = "C:\\Windows\\system32\\svchost.exe " + std::string(arguments);
  return BrokerOf({kServiceHost, line, {}});
}

TEST(BrokerOf, AServiceThatStartsProcessesForOthers) {
  EXPECT_EQ(BrokerOfService("-k DcomLaunch -p"), "dcom");
  EXPECT_EQ(BrokerOfService("-k netsvcs -p -s Schedule"), "task_scheduler");
  EXPECT_EQ(BrokerOfService("-k netsvcs -p -s Appinfo"), "uac");
  EXPECT_EQ(BrokerOfService("-k netsvcs -p -s seclogon"), "secondary_logon");
  EXPECT_EQ(BrokerOfService("-k WerSvcGroup"), "error_reporting");
  EXPECT_EQ(BrokerOfService("-K  dcomlaunch  -P"), "dcom");
}

TEST(BrokerOf, AnotherServiceIsNone) {
  EXPECT_EQ(BrokerOfService("-k DcomLaunch -p -s PlugPlay"), "");
  EXPECT_EQ(BrokerOfService("-k LocalService -p -s nsi"), "");
  EXPECT_EQ(BrokerOfService("-k netsvcs"), "");  // one of several
  EXPECT_EQ(BrokerOfService("-s Schedule"), "");
  EXPECT_EQ(BrokerOfService("-k"), "");
  EXPECT_EQ(BrokerOf({kServiceHost, "", {}}), "");
}

TEST(BrokerOf, AProgramThatDoes) {
  const auto of = [](std::string_view path, std::string_view line = "x") {
    return BrokerOf({path, line, {}});
  };
  EXPECT_EQ(of("C:\\Windows\\System32\\services.exe"), "service_control");
  EXPECT_EQ(of("c:\\windows\\system32\\wbem\\wmiprvse.exe", "wmiprvse.exe -secured -Embedding"),
            "wmi");
  EXPECT_EQ(of("C:\\Windows\\SysWOW64\\wbem\\WmiPrvSE.exe"), "wmi");
  EXPECT_EQ(of("C:\\Windows\\System32\\taskhostw.exe"), "task_scheduler");
  EXPECT_EQ(of("C:\\Windows\\System32\\RuntimeBroker.exe"), "runtime_broker");
  EXPECT_EQ(of("C:\\Windows\\System32\\consent.exe"), "uac");
  EXPECT_EQ(of("C:\\Windows\\System32\\wsmprovhost.exe", "wsmprovhost.exe -Embedding"), "winrm");
  EXPECT_EQ(of("C:\\Windows\\SysWOW64\\dllhost.exe",
               "dllhost.exe /Processid:{3E5FC7F9-9A51-4367-9063-A120244FBEC7}"),
            "dcom");
  EXPECT_EQ(of("C:\\Windows\\System32\\dllhost.exe", "dllhost.exe"), "");
  EXPECT_EQ(of("C:\\Windows\\System32\\mmc.exe", "mmc.exe -Embedding"), "dcom");
  EXPECT_EQ(of("C:\\Windows\\explorer.exe", "explorer.exe /factory,{75DFF2B7} -Embedding"), "dcom");
  EXPECT_EQ(of("C:\\Windows\\explorer.exe"), "");
}

TEST(BrokerOf, APathElsewhereIsNone) {
  for (const std::string_view path :
       {"services.exe", "C:\\Users\\a\\System32\\services.exe", "C:\\Windows\\Temp\\services.exe",
        "C:\\Windows\\System32\\a\\services.exe",
        "\\Device\\HarddiskVolume3\\Windows\\System32\\services.exe",
        "C:\\WindowsX\\System32\\services.exe", "\\\\server\\c$\\Windows\\System32\\services.exe",
        ""})
    EXPECT_EQ(BrokerOf({path, "services.exe", {}}), "") << path;
  EXPECT_EQ(BrokerOf({"C:\\Users\\a\\x.exe", "x.exe -Embedding", {}}), "");
}

constexpr std::string_view kSystem = "S-1-5-18";

std::optional<bool> SpoofsAsService(std::string_view arguments, std::string_view sid = kSystem) {
  const std::string line = "svchost.exe " + std::string(arguments);
  return SpoofsParent({kServiceHost, line, sid}, false);
}

TEST(SpoofsParent, WhoIsNoServiceDoes) {
  EXPECT_EQ(SpoofsParent({"C:\\Users\\a\\x.exe", "x", "S-1-5-21-1"}, false), true);
  EXPECT_EQ(SpoofsParent({"C:\\Windows\\System32\\cmd.exe", "cmd", kSystem}, false), true);
  EXPECT_EQ(SpoofsParent({"\\\\server\\share\\x.exe", "x", {}}, false), true);
  // Brokers whose children are theirs.
  EXPECT_EQ(SpoofsParent({"C:\\Windows\\System32\\services.exe", "", kSystem}, false), true);
  EXPECT_EQ(SpoofsAsService("-k DcomLaunch -p"), true);
  EXPECT_EQ(SpoofsAsService("-k netsvcs -p -s Schedule"), true);
  EXPECT_EQ(SpoofsAsService("-k LocalService -p -s nsi"), true);
}

// Elevation, "run as" and crashes.
TEST(SpoofsParent, ServicesThatNameTheirClientsAsParentsDoNot) {
  EXPECT_EQ(SpoofsAsService("-k netsvcs -p -s Appinfo"), false);
  EXPECT_EQ(SpoofsAsService("-k netsvcs -p -s seclogon"), false);
  EXPECT_EQ(SpoofsAsService("-k WerSvcGroup"), false);
  EXPECT_EQ(SpoofsAsService("-k netsvcs"), false);  // both are among them
  EXPECT_EQ(SpoofsAsService("-k netsvcs -p -s Appinfo", ""), false);
}

TEST(SpoofsParent, WhoOnlyCallsItselfSuchAServiceDoes) {
  EXPECT_EQ(SpoofsAsService("-k netsvcs -p -s Appinfo", "S-1-5-21-1-2-3-1001"), true);
  EXPECT_EQ(
      SpoofsParent({"C:\\Users\\a\\svchost.exe", "svchost.exe -k netsvcs -s Appinfo", {}}, false),
      true);
}

TEST(SpoofsParent, ASnapshotOfACrashedProcessIsNone) {
  constexpr std::string_view kWerFault = "C:\\Windows\\System32\\WerFault.exe";
  EXPECT_EQ(SpoofsParent({kWerFault, "WerFault.exe -pss", {}}, true), false);
  EXPECT_EQ(SpoofsParent({kWerFault, "WerFault.exe -pss", {}}, false), true);
  EXPECT_EQ(SpoofsParent({"C:\\Users\\a\\WerFault.exe", "WerFault.exe", {}}, true), true);
  EXPECT_EQ(SpoofsParent({"C:\\Users\\a\\x.exe", "x", {}}, true), true);
}

TEST(SpoofsParent, IsNotKnownWithoutWhatTells) {
  EXPECT_EQ(SpoofsParent({"", "x", {}}, false), std::nullopt);
  EXPECT_EQ(SpoofsParent({"x.exe", "x", {}}, false), std::nullopt);
  EXPECT_EQ(SpoofsParent({"\\Device\\HarddiskVolume3\\x.exe", "x", {}}, false), std::nullopt);
  EXPECT_EQ(SpoofsParent({kServiceHost, "", kSystem}, false), std::nullopt);
}

}  // namespace
}  // namespace nuthatch
