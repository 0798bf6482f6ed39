"""The registries an EIDO names, as NENA-STA-021.1b-2022 §3 and NENA-STA-010.3 §10 print them."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


INCIDENT_TYPES: Final = _words("""
    NONEMERG 911H 911OPN ABDOM ABDUCTF ABDUCTNF ABUSE ACCIND ACTSHOOT ADMIN AIR AIRINC ALIEN
    ALLERGIC ALMA ALMB ALMH ALMR ALRBA ALRBOX ALRBS ALRCO ALRCO2 ALRDEFIB ALRF ALRGAS ALRHEAT
    ALRKPAD ALRMED ALRNGAS ALRPANA ALRPANS ALRPROPN ALRPULL ALRROBA ALRROBS ALRU ALRVEH ALRWTR ALS
    ANIMAL ASSAULT ASSIST ATL BACK BARICADE BIO BITE BLDCLPSE BLEEDING BLS BOMB BRGCLPSE BURGLARY
    BURN CARDIAC CARJACK CDX CHEMICAL CHESPAIN CHOKE CITASST CIVDIS CIVIL CNTRFT COURT CRIMPS
    CRIMTRAF CRWD CU1 CU2 CU3 CURFEW CUST DEATH DEATHNTF DIABETIC DISORD DISVEH DMPX DROWN DRUGPAR
    DRUGS DUI DVA DVNA EDP ELEC ELECHZD ELUDING ENTRAP ESCAPE EXPLOS EXPOSURE EXTORT EYE FAIRC FALL
    FAM FAPT FARSON FAS FASX FBRUSH FELEC FFUEL FIGHT FIREWRKS FMARINE FORCENTR FOTHER FRAUD FREPORT
    FSMOKE FSTRU FTRAILER FTRAIN FTRASH FTRUCK FUNK FVEH GASLEAK GASLEAKI GASLEAKO HARR HATE HAZ
    HAZMAT HEADACHE HEMRG HLP1 HLP2 HOLD HOMICIDE HOSTAGE IMP INDECENT INFO INTERNET INTOX INVEST
    JUV LARCENY LIQUOR MAJORINC MAYDAY MCI MISBOATR MISCON MNTL MTLV MVA MVAHR MVAINJY MVAUNK MVCP
    NCIC NCRASLTWF NCRCPRF NCRELEV NCRFACTR NCRMUAIDF NCRNDE NCRNONE NCRTASKFORCE NCRTESTF NCRTRANS
    NEGLECT NOISE OD ODOR OPEN ORDERV PANDEMIC PARKING PERFND PERMISS PERSUSP PERUNCON PERWANT
    PHANDLE PREG PROPFND PROPLOST PROPSTLN PROW PUBWKS PURSUIT RADIAT RECKDRV REPO RESCUE RESIST
    RESP RESPARR ROBBERY RUNAWAY SAR SCH SCRM SEIZURE SEXOFFNS SHOOT SHOPLIFT SICK SLMP SMOKING SOL
    STABBING STDBY STKX STROKE SUBJSTP SUICIDE SUICTHRT SUSP TERROR THAZ THREATS TOW TRAIN TRAINDRL
    TRANSFER TRAUMA TRAUMAP TRESPASS TROUBLE TRUANT TSTOP VAG VANDAL VEHABND VEHASST VEHLOCK VEHREC
    VEHSTLN VEHSUSP VICE WARRANT WATER WEAPON WELFARE WILDLIFE WIRES XTRICATE
""")
"""APCO 2.103.2-2019 and NENA's own NONEMERG: 245 codes."""

AGENCY_TYPES: Final = _words("""
    coast_guard ems ems.air ems.tribal ems.countyParish ems.local ems.private ems.military fire
    fire.airport fire.forest fire.military fire.private mountain_rescue poison_control police
    police.countyParish police.federal police.federal.atf police.federal.cbp police.federal.dss
    police.federal.dea police.federal.fbi police.federal.fps police.federal.ice
    police.federal.marshal police.federal.rcmp police.federal.pp police.federal.usss police.local
    police.tribal police.stateProvincial police.sheriff police.campus police.private police.airport
    police.housing police.park police.military psap
""")

REGISTRIES: Final[dict[str, frozenset[str]]] = {
    "incident_type": INCIDENT_TYPES,
    "incident_status": _words(
        "Active Cancelled Closed FireUnderControl NewLocation ReOpened ResourcesAssigned "
        "ResourcesEnroute ResourcesOnscene StructureCleared"
    ),
    "report_number": _words("New Ongoing Reopened"),
    "call_state": _words("callBegin callAnswered callEnd partyAdd partyRemove"),
    "call_type": _words(
        "emergency nonEmergency silentMonitoring intervene legacyWireline legacyWireless legacyVoip"
    ),
    "direction": _words("incoming outgoing internal"),
    "agency_role": _words(
        "Assisting CallReceiving Dispatched Dispatching Informational TransferredTo"
    ),
    "agency_type": AGENCY_TYPES,
    "location_type": _words(
        "RoutingLocation Caller CurrentIncident InitialIncident Investigation Other Staging "
        "TowerLocation UnitLocation"
    ),
    "person_role": _words(
        "InvolvedPerson Caller Patient PatientAcquaintance PatientRelative PersonOfInterest "
        "ReportingParty Suspect Victim VictimAcquaintance VictimRelative Witness"
    ),
    "vehicle_relationship": _words(
        "AccidentVehicle InvolvedVehicle SuspectVehicle VictimVehicle WitnessVehicle "
        "ResponseVehicle"
    ),
    "caution_severity": _words("highest high normal low lowest"),
    "merge_direction": _words("REPLACING REPLACED SPLIT"),
    "link_direction": _words("PARENT CHILD RELATED UNLINK"),
}
